<?php
require_once DIR_SYSTEM . 'library/oms_bridge/autoload.php';

/** The merchant's page. */
class ControllerExtensionModuleOmsBridge extends Controller
{
    const ROUTE = 'extension/module/oms_bridge';

    public function index()
    {
        $this->load->language(self::ROUTE);
        $page = $this->page();
        $data = $page->data($this->mayModify());
        $token = 'user_token=' . $this->session->data['user_token'];
        $this->document->setTitle($data['heading_title']);
        $data['breadcrumbs'] = array(
            array('text' => $data['text_home'], 'href' => $this->url->link('common/dashboard', $token, true)),
            array('text' => $data['text_extension'], 'href' => $this->url->link('marketplace/extension', $token . '&type=module', true)),
            array('text' => $data['heading_title'], 'href' => $this->url->link(self::ROUTE, $token, true)),
        );
        $data['action'] = str_replace('&amp;', '&', $this->url->link(self::ROUTE . '/act', $token, true));
        $data['back'] = $this->url->link('marketplace/extension', $token . '&type=module', true);
        $data['header'] = $this->load->controller('common/header');
        $data['column_left'] = $this->load->controller('common/column_left');
        $data['footer'] = $this->load->controller('common/footer');
        $this->response->setOutput($this->load->view(self::ROUTE, $data));
    }

    public function act()
    {
        $post = $this->request->post;
        $action = $this->request->server['REQUEST_METHOD'] === 'POST' && isset($post['action']) ? (string)$post['action'] : '';
        $answer = $this->page()->act($action, $post, $this->mayModify());
        $this->response->addHeader('Content-Type: application/json');
        $this->response->setOutput(\OmsBridge\Json::encode($answer));
    }

    public function install()
    {
        // The permission on this page itself is granted only after this request.
        if ($this->user->hasPermission('modify', 'extension/extension/module')) {
            $install = new \OmsBridge\Install($this->bridge());
            $install->install();
        }
    }

    public function uninstall()
    {
        if ($this->user->hasPermission('modify', 'extension/extension/module')) {
            $install = new \OmsBridge\Install($this->bridge());
            $install->uninstall();
        }
    }

    private function mayModify()
    {
        return (bool)$this->user->hasPermission('modify', self::ROUTE);
    }

    private function page()
    {
        return new \OmsBridge\AdminPage($this->bridge(), new \OmsBridge\Texts($this->language->get('code')));
    }

    private function bridge()
    {
        return new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry));
    }
}
