<?php
/** Small own versions of what the extension finds in a shop's registry. */
namespace {
    class Registry
    {
        private $things = array();

        public function get($name)
        {
            return isset($this->things[$name]) ? $this->things[$name] : null;
        }

        public function set($name, $thing)
        {
            $this->things[$name] = $thing;
        }
    }

    class Controller
    {
        protected $registry;

        public function __construct($registry)
        {
            $this->registry = $registry;
        }

        public function __get($name)
        {
            return $this->registry->get($name);
        }
    }

    class Database
    {
        private $link;
        private $log;

        public function __construct($setup)
        {
            mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
            $this->link = new mysqli('localhost', $setup['user'], '', $setup['database'], 0, $setup['socket']);
            $this->link->set_charset($setup['charset']);
            $this->link->query("SET SESSION sql_mode = 'NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION'");
            $this->link->query("SET time_zone = '" . date('P') . "'");
            $this->log = $setup['notes'] . '/queries';
        }

        public function query($sql)
        {
            if (is_file($this->log)) {
                file_put_contents($this->log, str_replace("\n", ' ', $sql) . "\n", FILE_APPEND);
            }
            $result = $this->link->query($sql);
            if (!$result instanceof mysqli_result) {
                return true;
            }
            $rows = $result->fetch_all(MYSQLI_ASSOC);
            return (object)array('rows' => $rows, 'row' => $rows ? $rows[0] : array(), 'num_rows' => count($rows));
        }

        public function escape($value)
        {
            return $this->link->real_escape_string($value);
        }

        public function countAffected()
        {
            return $this->link->affected_rows;
        }

        public function getLastId()
        {
            return $this->link->insert_id;
        }
    }

    class Config
    {
        private $values = array();

        public function __construct($db)
        {
            foreach ($db->query('SELECT * FROM `' . DB_PREFIX . 'setting` WHERE `store_id` = 0')->rows as $row) {
                $this->values[$row['key']] = $row['serialized'] ? json_decode($row['value'], true) : $row['value'];
            }
        }

        public function get($key)
        {
            return isset($this->values[$key]) ? $this->values[$key] : null;
        }

        public function set($key, $value)
        {
            $this->values[$key] = $value;
        }
    }

    class Cache
    {
        private $notes;

        public function __construct($notes)
        {
            $this->notes = $notes;
        }

        public function delete($key)
        {
            file_put_contents($this->notes . '/cache', $key . "\n", FILE_APPEND);
        }
    }

    class Log
    {
        private $notes;

        public function __construct($notes)
        {
            $this->notes = $notes;
        }

        public function write($text)
        {
            file_put_contents($this->notes . '/log', $text . "\n", FILE_APPEND);
        }
    }

    class Loader
    {
        private $registry;
        private $setup;

        public function __construct($registry, $setup)
        {
            $this->registry = $registry;
            $this->setup = $setup;
        }

        public function model($route)
        {
            $this->registry->set('model_' . str_replace('/', '_', $route), new OrderModel($this->registry, $this->setup));
        }
    }

    /** Moves stock when a status enters or leaves the counted ones, as the shops do. */
    class OrderModel
    {
        private $registry;
        private $setup;

        public function __construct($registry, $setup)
        {
            $this->registry = $registry;
            $this->setup = $setup;
        }

        public function addHistory($order_id, $status, $comment = '', $notify = false)
        {
            $answer = $this->move($order_id, $status, $comment, $notify);
            $separator = $this->setup['version'] === '4.1.0.4' ? '.' : '/';
            fire($this->registry, $this->setup, 'catalog/model/checkout/order' . $separator . 'addHistory/after', array($order_id, $status, $comment, $notify), $separator === '.' ? $answer : null);
        }

        public function addOrderHistory($order_id, $status, $comment = '', $notify = false)
        {
            $this->move($order_id, $status, $comment, $notify);
            fire($this->registry, $this->setup, 'catalog/model/checkout/order/addOrderHistory/after', array($order_id, $status, $comment, $notify), null);
        }

        private function move($order_id, $status, $comment, $notify)
        {
            $db = $this->registry->get('db');
            if (wart('model_warns')) {
                trigger_error('Deprecated thing', E_USER_WARNING);
                echo '<b>Notice</b>: printed by a mail template';
            }
            if (wart('model_throws:' . $order_id)) {
                throw new \Exception('An add-on met an order it does not understand');
            }
            if (wart('model_is_slow')) {
                sleep(6);
            }
            if (wart('model_exits') || wart('model_exits:' . $order_id)) {
                exit('Error: Could not load mail adaptor!');
            }
            if (wart('model_runs_out')) {
                str_repeat('x', 1 << 30);
            }
            $counted = array_merge($this->registry->get('config')->get('config_processing_status'), $this->registry->get('config')->get('config_complete_status'));
            $before = in_array($db->query('SELECT `order_status_id` AS s FROM `' . DB_PREFIX . 'order` WHERE `order_id` = ' . $order_id)->row['s'], $counted);
            $sign = (int)$before - (int)in_array($status, $counted);
            foreach ($db->query('SELECT * FROM `' . DB_PREFIX . 'order_product` WHERE `order_id` = ' . $order_id)->rows as $line) {
                $db->query('UPDATE `' . DB_PREFIX . 'product` SET `quantity` = `quantity` + ' . ($sign * $line['quantity']) . ' WHERE `product_id` = ' . $line['product_id'] . ' AND `subtract` = 1');
            }
            $db->query('UPDATE `' . DB_PREFIX . 'order` SET `order_status_id` = ' . $status . ' WHERE `order_id` = ' . $order_id);
            $db->query('INSERT INTO `' . DB_PREFIX . 'order_history` SET `order_id` = ' . $order_id . ', `order_status_id` = ' . $status . ', `notify` = ' . (int)$notify
                . ", `comment` = '" . $db->escape($comment) . "', `date_added` = NOW()");
            $id = $db->getLastId();
            if (wart('model_dies_after')) {
                exit('Error: out of luck');
            }
            return $id;
        }
    }

    /** Whether a test has asked for this misbehaviour. */
    function wart($name)
    {
        global $setup;
        return is_file($setup['notes'] . '/wart') && trim(file_get_contents($setup['notes'] . '/wart')) === $name;
    }

    /** Runs the registered rows whose trigger matches; a question mark in a trigger stands for any one character. */
    function fire($registry, $setup, $event, $args, $output)
    {
        foreach ($registry->get('db')->query('SELECT * FROM `' . DB_PREFIX . 'event` WHERE `status` = 1')->rows as $row) {
            if (!preg_match('~^' . str_replace('\?', '.', preg_quote($row['trigger'], '~')) . '~', $event)) {
                continue;
            }
            $method = preg_replace('~^.*[./]~', '', $row['action']);
            $admin = strpos($row['trigger'], 'admin/') === 0;
            if ($setup['line'] === 'oc4') {
                $class = 'Opencart\\' . ($admin ? 'Admin' : 'Catalog') . '\Controller\Extension\OmsBridge\Event';
                require_once $setup['extension'] . ($admin ? '/admin' : '/catalog') . '/controller/event.php';
                (new $class($registry))->{$method}($row['trigger'], $args, $output);
            } elseif (!$admin) {
                (new ControllerExtensionOmsBridgeEvent($registry))->{$method}($row['trigger'], $args, $output);
            }
        }
    }
}

namespace Opencart\System\Engine {
    class Controller extends \Controller
    {
    }
}
