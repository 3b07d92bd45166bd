<?php
namespace Opencart\Admin\Controller\Extension\OmsBridge\Other;

require_once __DIR__ . '/../../../system/library/oms_bridge/autoload.php';

/** The merchant's page. */
class OmsBridge extends \Opencart\System\Engine\Controller
{
    private const ROUTE = 'extension/oms_bridge/other/oms_bridge';

    public function index(): void
    {
        $this->load->language(self::ROUTE);
        $page = $this->page();
        $data = $page->data($this->mayModify());
        $token = 'user_token=' . $this->session->data['user_token'];
        $this->document->setTitle($data['heading_title']);
        $data['breadcrumbs'] = array(
            array('text' => $data['text_home'], 'href' => $this->url->link('common/dashboard', $token)),
            array('text' => $data['text_extension'], 'href' => $this->url->link('marketplace/extension', $token . '&type=other')),
            array('text' => $data['heading_title'], 'href' => $this->url->link(self::ROUTE, $token)),
        );
        $data['action'] = str_replace('&amp;', '&', $this->url->link(self::ROUTE . '.act', $token));
        $data['back'] = $this->url->link('marketplace/extension', $token . '&type=other');
        $data['header'] = $this->load->controller('common/header');
        $data['column_left'] = $this->load->controller('common/column_left');
        $data['footer'] = $this->load->controller('common/footer');
        $this->response->setOutput($this->load->view(self::ROUTE, $data));
    }

    public function act(): void
    {
        $post = $this->request->post;
        $action = $this->request->server['REQUEST_METHOD'] === 'POST' && isset($post['action']) ? (string)$post['action'] : '';
        $answer = $this->page()->act($action, $post, $this->mayModify());
        $this->response->addHeader('Content-Type: application/json');
        $this->response->setOutput(\OmsBridge\Json::encode($answer));
    }

    public function install(): void
    {
        // The permission on this page itself is granted only after this request.
        if ($this->user->hasPermission('modify', 'extension/other')) {
            $install = new \OmsBridge\Install($this->bridge());
            $install->install();
        }
    }

    public function uninstall(): void
    {
        if ($this->user->hasPermission('modify', 'extension/other')) {
            $install = new \OmsBridge\Install($this->bridge());
            $install->uninstall();
        }
    }

    private function mayModify(): bool
    {
        return (bool)$this->user->hasPermission('modify', self::ROUTE);
    }

    private function page(): \OmsBridge\AdminPage
    {
        return new \OmsBridge\AdminPage($this->bridge(), new \OmsBridge\Texts($this->language->get('code')));
    }

    private function bridge(): \OmsBridge\Bridge
    {
        return new \OmsBridge\Bridge(new \OmsBridge\LineShop($this->registry));
    }
}
